// Made from docs/reference/plan.schema.json by `npm run generate:api`; do not edit.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description One row of the table; the meaning of each number is that of the plan's own. */
        Alternative: {
            table_id: string;
            device: string;
            evidence: string;
            settings: string[];
            margin_mm: number;
            needles: number;
            positions: number;
            energy_time_min: number;
            tumour_coverage: number;
            target_coverage: number;
            minimum_margin_mm: number | null;
            collateral_ml: number;
            remnant_share: number;
            /** @description Other structures in the zones, vessels among them. */
            reached_ml: number;
            /** @description Of these, organs that must be spared. */
            organs_ml: number;
            probability: number | null;
            probability_low: number | null;
            probability_high: number | null;
            method: string;
            gap: number | null;
            extrapolated: boolean;
        };
        /** @description A constraint that closes a part of the skin. */
        BlockedSkin: {
            constraint: string;
            /** @description Where it is the first thing met on the way in. */
            first_cm2: number;
            /** @description Where it is among the things met. */
            any_cm2: number;
            /** @description Where nothing else stands in the way. */
            alone_cm2: number;
        };
        /** @description A hard rule that a needle placed by hand breaks. */
        BrokenRule: {
            constraint: string;
            value: number;
            allowed: number;
        };
        /** @description A reference case as it ran on this installation. */
        CaseChecked: {
            name: string;
            passed: boolean;
            /** @description In ``unit``; the case passes when the first does not exceed the second. */
            deviation: number;
            /** @description In ``unit``; the case passes when the first does not exceed the second. */
            tolerance: number;
            unit: string;
        };
        /** @description A structure near the tumour. */
        Clearance: {
            name: string;
            /** @description Shortest way from the centre of a voxel of the tumour to that of one of the structure. */
            tumour_mm: number;
            /** @description Shortest way from the zones' border; below zero, as deep as heat reaches into it. Null without zones. */
            zone_mm: number | null;
        };
        /** @description What the zones of the table cover and cost. */
        CoverageAchieved: {
            /** @description Covered shares of the tumour, and of tumour and margin. */
            tumour: number;
            /** @description Covered shares of the tumour, and of tumour and margin. */
            target: number;
            /** @description Thinnest margin away from the capsule, and where; null for a tumour that is all subcapsular. */
            minimum_margin_mm: number | null;
            /** @description Thinnest margin away from the capsule, and where; null for a tumour that is all subcapsular. */
            minimum_margin_lps_mm: number[] | null;
            /** @description The same at the capsule, where there is no room for a margin. */
            minimum_at_capsule_mm: number | null;
            /** @description Shares of the tumour's surface by margin: missed, thinner than asked, as asked. */
            surface_below_zero: number;
            /** @description Shares of the tumour's surface by margin: missed, thinner than asked, as asked. */
            surface_below_asked: number;
            /** @description Shares of the tumour's surface by margin: missed, thinner than asked, as asked. */
            surface_at_least_asked: number;
            /** @description Share of the surface at the capsule, which is left out of these. */
            surface_excluded: number;
            /** @description All zones together, inside the liver. */
            zone_ml: number;
            /** @description Healthy liver in the zones beyond the margin. */
            collateral_ml: number;
            /** @description Healthy liver that stays. */
            remnant_ml: number;
            /** @description Healthy liver that stays. */
            remnant_share: number;
            /** @description Other structures inside the zones. */
            reached: components["schemas"]["ReachedStructure"][];
            /** @description Probability that the margin holds. */
            chance: components["schemas"]["MarginChance"] | null;
            /** @description How needles and zones were chosen, and how far the choice may be from the best one, as a share; null where it is not known. */
            method: string;
            /** @description How needles and zones were chosen, and how far the choice may be from the best one, as a share; null where it is not known. */
            gap: number | null;
        };
        /** @description The device and the table of its zones. */
        DeviceUsed: {
            /** @description Device and evidence. */
            table_id: string;
            device_id: string;
            name: string;
            technique: string;
            frequency_mhz: number | null;
            /** @description How the applicator is built. */
            kind: string;
            /** @description In what the zones were measured, in the source's words and by class. */
            tissue: string;
            /** @description In what the zones were measured, in the source's words and by class. */
            evidence: string;
            /** @description How far a zone reaches beyond the tip. */
            zone_beyond_tip_mm: number;
            source: string;
        };
        /** @description Volume of one position's zone over the ranges of the tissue's properties. */
        HeatBand: {
            position: number;
            quantities: string[];
            volume_ml: number;
            smallest_ml: number;
            largest_ml: number;
        };
        /** @description The simulation. */
        HeatFound: {
            /** @description The one by which zones are compared. */
            criterion: string;
            /** @description The models that stand for the device, with their source. */
            applicator: string;
            /** @description The models that stand for the device, with their source. */
            generator: string;
            /** @description Of the grid that was simulated on. */
            spacing_mm: number[];
            /** @description By criterion, all positions together. */
            contours: components["schemas"]["SimulatedContour"][];
            /** @description By position. */
            zones: components["schemas"]["SimulatedZone"][];
            /** @description null when the ranges were not run. */
            band: components["schemas"]["HeatBand"] | null;
            /** @description What was simplified. */
            notes: string[];
        };
        /** @description A part of a table's zone that the simulation does not reach, beside a large vessel. */
        HeatSink: {
            volume_ml: number;
            depth_mm: number;
            centre_lps_mm: number[];
            vessel_lps_mm: number[];
        };
        /** @description Which plan this is. */
        Identity: {
            /** @description Follows from the input, the request, the seed and the software: the same plan has the same name. */
            plan_id: string;
            /** @description Counts the versions of a case's plan, from 1. */
            version: number;
            /** @description SHA-256 of the image's voxels and grid and of every mask. */
            input_sha256: string;
            /** @description Seed of everything random. */
            seed: number;
            /** @description Name and version of the program. */
            software: string;
        };
        /** @description The image that was planned on. */
        ImageUsed: {
            /** @description DICOM identifiers; empty for an image that was no DICOM. */
            study_uid: string;
            /** @description DICOM identifiers; empty for an image that was no DICOM. */
            series_uid: string;
            /** @description DICOM identifiers; empty for an image that was no DICOM. */
            frame_of_reference_uid: string;
            /** @description Contrast phase as the headers tell it, and which header told it; ``unknown`` when none did. */
            phase: string;
            /** @description Contrast phase as the headers tell it, and which header told it; ``unknown`` when none did. */
            phase_reason: string;
            /** @description Number of voxels along each axis. */
            slices: number;
            /** @description Number of voxels along each axis. */
            rows: number;
            /** @description Number of voxels along each axis. */
            columns: number;
            /** @description Distance between slices, rows and columns. */
            spacing_mm: number[];
            /** @description Rows of the 4 by 4 matrix from ``(k, j, i, 1)`` to LPS millimetres. */
            index_to_lps: number[][];
            /** @description What was done to the image while it was read. */
            notes: string[];
        };
        /** @description Probability that the margin holds under needle and registration error, with its own error. */
        MarginChance: {
            margin_mm: number;
            probability: number;
            standard_error: number;
            /** @description Wilson's 95 % interval. */
            low: number;
            /** @description Wilson's 95 % interval. */
            high: number;
            trials: number;
            /** @description Mean lengths of the errors that were drawn. */
            needle_error_mm: number;
            /** @description Mean lengths of the errors that were drawn. */
            registration_error_mm: number;
        };
        /** @description A structure beside a needle. */
        NearStructure: {
            name: string;
            /** @description From the needle's axis; 0 where the needle passes through it. */
            distance_mm: number;
            /** @description How deep below the skin it is nearest. */
            depth_mm: number;
        };
        /** @description Smallest distance between the shafts of two needles, inside and outside the patient. */
        NeedleGap: {
            first: string;
            second: string;
            distance_mm: number;
        };
        /** @description One needle. */
        PlannedNeedle: {
            /** @description ``N1``, ``N2``, in the order of use. */
            id: string;
            device_id: string;
            /** @description Where it enters the skin, the point of its axis nearest to the tumour's middle, its deepest tip. */
            entry_lps_mm: number[];
            /** @description Where it enters the skin, the point of its axis nearest to the tumour's middle, its deepest tip. */
            target_lps_mm: number[];
            /** @description Where it enters the skin, the point of its axis nearest to the tumour's middle, its deepest tip. */
            tip_lps_mm: number[];
            /** @description From the skin to the deepest tip. */
            depth_mm: number;
            /** @description Angle to the axial plane; the same, above zero towards the head; in the axial plane from the vertical, above zero towards the patient's left. */
            axial_angle_deg: number;
            /** @description Angle to the axial plane; the same, above zero towards the head; in the axial plane from the vertical, above zero towards the patient's left. */
            craniocaudal_deg: number;
            /** @description Angle to the axial plane; the same, above zero towards the head; in the axial plane from the vertical, above zero towards the patient's left. */
            mediolateral_deg: number;
            /** @description From the skin to the liver, through liver before the tumour, from the skin to the tumour. null where the needle does not meet it. */
            liver_depth_mm: number | null;
            /** @description From the skin to the liver, through liver before the tumour, from the skin to the tumour. null where the needle does not meet it. */
            liver_pass_mm: number;
            /** @description From the skin to the liver, through liver before the tumour, from the skin to the tumour. null where the needle does not meet it. */
            tumour_depth_mm: number | null;
            /** @description Between the needle and the liver's surface; 90 is perpendicular. */
            capsule_angle_deg: number;
            /** @description Structures by distance, the nearest first. */
            near: components["schemas"]["NearStructure"][];
            /** @description Whether the needle passes through lung. */
            pleura_crossed: boolean;
            /** @description Way through liver to burn on withdrawal. */
            track_ablation_mm: number;
            /** @description Empty for every needle that the program places. */
            broken_rules: components["schemas"]["BrokenRule"][];
        };
        /** @description One application of energy; its zone is an ellipsoid of revolution about the needle. */
        PlannedPosition: {
            /** @description Place in the order of treatment, from 1. */
            number: number;
            /** @description The needle's id. */
            needle: string;
            tip_depth_mm: number;
            tip_lps_mm: number[];
            /** @description How far the needle is drawn back from its position before. */
            pull_back_mm: number;
            power_w: number | null;
            current_ma: number | null;
            time_min: number;
            /** @description Middle of the zone, and the unit vector of its axis (from the skin inwards). */
            centre_lps_mm: number[];
            /** @description Middle of the zone, and the unit vector of its axis (from the skin inwards). */
            axis_lps: number[];
            /** @description Half axes. */
            semi_across_mm: number;
            /** @description Half axes. */
            semi_along_mm: number;
            volume_ml: number;
            /** @description How the zone's size came about, and the rows of the table that it comes from. */
            statement: string;
            /** @description How the zone's size came about, and the rows of the table that it comes from. */
            sources: string[];
            /** @description Whether anything was taken from outside the table. */
            extrapolated: boolean;
        };
        /** @description Where a number of the plan comes from: what it is, and its version, hash or source. */
        Provenance: {
            what: string;
            source: string;
        };
        /** @description The whole skin, joined to the middle of the tumour. */
        ReachFound: {
            tumour: string;
            /** @description The skin in the picture, and what of it leads to the tumour. */
            skin_cm2: number;
            /** @description The skin in the picture, and what of it leads to the tumour. */
            open_cm2: number;
            /** @description The skin in the picture, and what of it leads to the tumour. */
            open_share: number;
            /** @description What closes the rest, the largest area first. */
            blocked: components["schemas"]["BlockedSkin"][];
            /** @description What would open more, the largest gain first. */
            reliefs: components["schemas"]["ReliefTried"][];
            /** @description Whether reliefs were looked for at all. */
            reliefs_tried: boolean;
            /** @description Obstacles of the rules for which there is no mask: nothing keeps a needle out of them. */
            unchecked: string[];
        };
        /** @description Another structure that a zone reaches. */
        ReachedStructure: {
            name: string;
            volume_ml: number;
        };
        /** @description A relief and the skin that it opens. */
        ReliefTried: {
            /** @description ``hydrodissection``, ``crossing``, ``gantry_tilt`` or ``breath``. */
            kind: string;
            /** @description The organ that gives way; empty for a tilt and another breath phase. */
            obstacle: string;
            /** @description Millimetres of displacement or of the liver's shift, or degrees. */
            amount: number;
            before_cm2: number;
            after_cm2: number;
            source: string;
        };
        /** @description What was asked for. */
        Request: {
            /** @description ``rfa`` or ``mwa``. */
            technique: string;
            /** @description The device asked for; empty when the program chose among all of the technique. */
            device_id: string;
            /** @description Margin of healthy liver around the tumour. */
            margin_mm: number;
            /** @description Which tumour, counted from 1 by size. */
            tumour_number: number;
            /** @description Whether the needles were placed by a person. */
            by_hand: boolean;
            /** @description How the patient lies: ``supine`` or ``prone``. */
            position: string;
        };
        /** @description The zone of one criterion. */
        SimulatedContour: {
            /** @description Its name, its words, and where it comes from. */
            criterion: string;
            /** @description Its name, its words, and where it comes from. */
            label: string;
            /** @description Its name, its words, and where it comes from. */
            source: string;
            volume_ml: number;
            /** @description Shares of tumour and target that the zone of the whole treatment covers. */
            tumour: number;
            /** @description Shares of tumour and target that the zone of the whole treatment covers. */
            target: number;
        };
        /** @description One position: simulated zone minus the table's. */
        SimulatedZone: {
            /** @description Its number in the order of treatment. */
            position: number;
            /** @description Of the simulated zone. */
            short_mm: number;
            /** @description Of the simulated zone. */
            long_mm: number;
            /** @description Of the simulated zone. */
            volume_ml: number;
            /** @description Simulated minus table. */
            short_difference_mm: number;
            /** @description Simulated minus table. */
            long_difference_mm: number;
            /** @description Simulated minus table. */
            volume_difference_ml: number;
            /** @description Overlap of both. */
            overlap_dice: number;
            /** @description Where a vessel takes the heat away. */
            deficits: components["schemas"]["HeatSink"][];
        };
        /** @description A structure that was segmented. */
        StructureUsed: {
            /** @description Key, with the number of a second lesion and later ones. */
            name: string;
            /** @description Words for people. */
            name_en: string;
            /** @description Words for people. */
            name_zh: string;
            /** @description SNOMED CT. */
            code: string;
            /** @description SNOMED CT. */
            code_meaning: string;
            /** @description What it is to a needle. */
            role: string;
            volume_ml: number;
            /** @description Longest straight line between two of its voxels' centres. */
            longest_mm: number;
            /** @description What made the mask, and who corrected it; empty when nobody did. */
            engine: string;
            /** @description How far it can be trusted, why, and the engine's measured Dice coefficient. */
            quality: string;
            /** @description How far it can be trusted, why, and the engine's measured Dice coefficient. */
            reason: string;
            /** @description How far it can be trusted, why, and the engine's measured Dice coefficient. */
            dice: number | null;
            /** @description What made the mask, and who corrected it; empty when nobody did. */
            editor: string;
        };
        /** @description What must be destroyed. */
        TargetVolume: {
            /** @description Name of its structure. */
            tumour: string;
            margin_mm: number;
            /** @description The middle of the tumour. */
            centre_lps_mm: number[];
            longest_mm: number;
            tumour_ml: number;
            /** @description Tumour with its margin, clipped to the liver. */
            target_ml: number;
            liver_ml: number;
            /** @description The liver without any tumour. */
            healthy_liver_ml: number;
            /** @description Share of the tumour's surface nearer to the liver's surface than the margin. */
            at_capsule: number;
            /** @description Whether the rules ask for liver before it on the needle's way. */
            subcapsular: boolean;
        };
        /** @description Something that the reader of a plan must know. */
        Warned: {
            /** @description Stable name, such as ``tumour_not_covered``. */
            code: string;
            text: string;
        };
        /**
         * Tongtai plan
         * @description A plan for one tumour.
         */
        Plan: {
            /** @constant */
            schema_version: 1;
            /** @enum {unknown} */
            outcome: "planned" | "no_safe_path";
            identity: components["schemas"]["Identity"];
            request: components["schemas"]["Request"];
            image: components["schemas"]["ImageUsed"];
            /** @description In the segmentation's order. */
            structures: components["schemas"]["StructureUsed"][];
            target: components["schemas"]["TargetVolume"];
            /** @description null when there is no safe path. */
            device: components["schemas"]["DeviceUsed"] | null;
            /** @description In the order of treatment, see ``PlannedPosition.number``. */
            needles: components["schemas"]["PlannedNeedle"][];
            /** @description In the order of treatment, see ``PlannedPosition.number``. */
            positions: components["schemas"]["PlannedPosition"][];
            /** @description One for every two needles. */
            gaps: components["schemas"]["NeedleGap"][];
            /** @description Sum of the times of energy, one position after the other. */
            energy_time_min: number;
            /** @description null when there is no safe path. */
            coverage: components["schemas"]["CoverageAchieved"] | null;
            /** @description Other devices and margins, the best first; the first row is this plan, unless it was made by hand. */
            alternatives: components["schemas"]["Alternative"][];
            /** @description The skin. */
            reach: components["schemas"]["ReachFound"];
            /** @description null when it was not simulated. */
            heat: components["schemas"]["HeatFound"] | null;
            /** @description What this plan falls short of, and what no such plan knows. */
            warnings: components["schemas"]["Warned"][];
            /** @description What this plan falls short of, and what no such plan knows. */
            limits: components["schemas"]["Warned"][];
            /** @description Empty when the reference cases were not run. */
            verification: components["schemas"]["CaseChecked"][];
            provenance: components["schemas"]["Provenance"][];
            /** @description Structures near the tumour; empty in plans made before they were measured. */
            clearances?: components["schemas"]["Clearance"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
